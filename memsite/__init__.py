"""The site: settings, routes and headers; no domain words."""
