"""The ASGI application in front of Flask: response cache, SPARQL evaluation, streamed responses, files."""
