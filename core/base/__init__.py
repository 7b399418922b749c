"""What everything stands on: errors, registries, fields of forms, arrays, files, events."""
