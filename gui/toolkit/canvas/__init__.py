"""Drawing by mouse, finger and pen."""
