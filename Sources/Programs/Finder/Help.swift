enum Help {
  static let version = "1.0"

  static let text = """
    usage: esky [--root DIR] [--json] [--update-url URL] COMMAND

    Keeps an app folder fresh: finds, verifies, fetches and installs newer versions.

    commands:
      status    what is installed, where updates come from, whether cleanup is needed
      check     ask the repository for a newer version; install nothing
      update    install the newest version; the running one stays until cleanup
      cleanup   finish an interrupted update, remove old versions that nobody runs
      list      the versions in the app folder
      verify    compare every file of the current version with its manifest

    options:
      --root DIR        the app folder; without it ESKY_ROOT, the folder that this
                        program belongs to, or the working directory (not for root)
      --update-url URL  another copy of the repository than the app's settings name;
                        what it sends is verified just the same
      --json            one line of JSON for machines
      --quiet           no progress
      --help, --version

    environment:
      ESKY_CHANNEL       the channel to follow in place of the settings' own
      ESKY_UPDATES=off   look for no updates
      SSL_CERT_FILE, SSL_CERT_DIR
                         certificates of authorities to trust in place of the system's
      https_proxy, no_proxy and their like

    exit status:
       0  done; for check and update: up to date
       1  failed            2  wrong usage
      10  check: an update is available
      11  update: installed
      20  offline: the repository can't be reached or does not answer as it should
      21  refused: what was received is not trusted
      22  locked: another process is updating
      23  updates are switched off

    examples:
      esky status
      esky --root ~/apps/hello check && echo fresh
      esky --json update
    """
}
