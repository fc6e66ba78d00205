"""Services: addresses that compute their answer from the request."""
