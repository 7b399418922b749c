"""Digits in photographs and scans."""
