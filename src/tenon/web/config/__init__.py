"""How the platform is put together: settings, addresses, the server, and the first start."""

__all__: list[str] = []
