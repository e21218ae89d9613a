/// The library that lets a program live at another time; scripts/setup installs it.
enum FakeClock {
  static let library = "/usr/lib/\(machine)-linux-gnu/faketime/libfaketime.so.1"

  private static var machine: String {
    #if arch(arm64)
      "aarch64"
    #else
      "x86_64"
    #endif
  }
}
