"""The changing run, and what moves it forward."""
