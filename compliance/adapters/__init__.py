"""What draws and writes evidence: pictures of posts, reports on paper, and the file that proves itself."""
