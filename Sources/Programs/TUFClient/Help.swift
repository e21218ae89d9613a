enum Help {
  static let version: StaticString = "tuf-client 1.0\n"

  static let text: StaticString = """
    usage: tuf-client --metadata-dir DIR [OPTION…] COMMAND

    Downloads files from a repository of The Update Framework (TUF 1.0) and verifies them.

    commands:
      init ROOTFILE     begin to trust a repository by its root, got from where you trust
      refresh           bring the trusted metadata up to date
      download          refresh, then fetch targets that are not there yet
      list              show what is trusted: roles and targets; needs no network
      verify FILE       compare a file with the trusted metadata; needs no network

    options, before or behind the command, as --option VALUE or --option=VALUE:
      --metadata-dir DIR     the folder of trusted metadata, one .json file for each role
      --metadata-url URL     where the repository's metadata is: https, http or file
      --target-name NAME     download: a target, may be given again for more of them
                             verify: the target's name, unless it is the file's
      --target-dir DIR       where targets are kept; made when missing. A target is one file,
                             named for it with all but A-Za-z0-9_.-~ percent-encoded:
                             a/b c becomes a%2Fb%20c
      --target-base-url URL  what target names are joined to
      --ca-file FILE         certificates in PEM of authorities to trust beside the system's; those
                             that SSL_CERT_FILE and SSL_CERT_DIR name take the system's place
      --force                init: give up another root that is trusted already
      -v, --verbose          a line on stderr for every request and every check
      -h, --help, --version

    limits of what a repository may cost, with their defaults:
      --max-root-rotations N     new roots in one refresh; the next goes on from there (256)
      --max-delegations N        roles visited in the search for one target (32)
      --max-root-length N        bytes of a root (524288)
      --max-timestamp-length N   bytes of a timestamp (16384)
      --max-snapshot-length N    bytes of a snapshot whose length is not listed (4194304)
      --max-targets-length N     bytes of a targets file whose length is not listed (16777216)
      --max-listed-length N      bytes of either whatever length is listed (268435456)
      --max-memory N             bytes of memory for all metadata together (268435456)
      --max-json-depth N         values nested in one another (64), 1000 at the most
      --max-redirects N          redirects of one request (5)
      --connect-seconds N        until a connection stands (10)
      --base-seconds N           for a file of any length (30), and beside those …
      --average-speed N          … a second for each so many bytes of it (16384)
      --min-speed N              bytes a second that must arrive on average (1024) …
      --min-speed-seconds N      … in each window of so many seconds (20)

    URLs are used as they are: nothing in them is decoded or normalised. A download that broke
    off waits in DIR/partial, DIR being the folder of metadata, and is continued.

    exit status: 0 when all was done and verified, else 1 with the reason on stderr

    examples:
      tuf-client --metadata-dir trust init root.json
      tuf-client --metadata-dir trust --metadata-url https://example.org/metadata refresh
      tuf-client --metadata-dir trust --metadata-url https://example.org/metadata \\
        download --target-name hello-1.2.zip --target-name docs/hello.pdf \\
        --target-dir downloads --target-base-url https://example.org/targets
      tuf-client --metadata-dir trust list
      tuf-client --metadata-dir trust verify downloads/hello-1.2.zip

    """
}
