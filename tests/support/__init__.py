"""What several tests share: servers, processes, factories; no test lives here."""
