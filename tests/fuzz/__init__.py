"""Inputs made up at random, most of them nearly right: whatever is sent, an answer or a refusal comes, and in time.

``make fuzz`` looks for new ones (``tools/fuzz.py``); ``test_fuzz.py`` tries a fixed few.
"""
