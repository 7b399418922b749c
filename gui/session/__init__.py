"""What the user works on: session, training thread, jobs, documents, data, settings."""
