"""Pages and pictures of plans: own SVG and HTML strings, no network, no templates."""
