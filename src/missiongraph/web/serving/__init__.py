"""What serves the site: the Flask application, the ASGI application before it, the production server."""
