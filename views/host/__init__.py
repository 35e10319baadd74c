"""Hosting: the app in a browser, in one process and on one port with the API."""
