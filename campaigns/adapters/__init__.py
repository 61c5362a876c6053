"""Where files are opened and cleaned: pictures by Pillow, videos by FFmpeg. Knows no Django."""
