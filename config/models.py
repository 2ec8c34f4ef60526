"""Empty, but needed: Django tells only the apps that have this module that migrations are done."""
