"""The front door in Python: thin functions over the passes and backends. Nothing is imported here, so that checking does not wait for compiling."""
