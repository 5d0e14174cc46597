"""What goes over the wire: strict JSON, request and response models, problem details."""
