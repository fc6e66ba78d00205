"""The server: the Flask application, the ASGI application in front of it, and Granian."""
