"""Letters by e-mail: fetched from the office's mailbox, filed as appeals, or added to the one they answer."""
