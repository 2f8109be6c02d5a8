"""Whether the service welcomes requests.

Asked by the load balancer."""
