"""The writing desk's pages: each finds with permission, calls one verb, and renders."""
