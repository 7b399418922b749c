"""The tutorials' calculations, exact to the digit, one a page."""
