import Foundation

/// nginx on loopback, with a configuration and a process of a test's own.
final class WebServer {
  let url: String
  private let folder: TemporaryFolder
  private let process: Running

  /// Serves a folder; `directives` go into the server's block, and with a certificate among them it speaks TLS.
  init(_ served: String, _ directives: String = "") throws {
    guard let nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].first(where: File.exists) else {
      throw Failure("nginx is missing; scripts/setup installs nginx-light")
    }
    folder = try TemporaryFolder("nginx")
    let port = try Self.freePort()
    let isSecure = directives.contains("ssl_certificate")
    url = "http\(isSecure ? "s" : "")://127.0.0.1:\(port)"
    let configuration = """
      daemon off;
      master_process off;
      pid \(folder.path)/pid;
      error_log \(folder.path)/error.log;
      events { worker_connections 64; }
      http {
        client_body_temp_path \(folder.path)/body;
        proxy_temp_path \(folder.path)/proxy;
        fastcgi_temp_path \(folder.path)/fastcgi;
        uwsgi_temp_path \(folder.path)/uwsgi;
        scgi_temp_path \(folder.path)/scgi;
        types { application/json json; application/zip zip; }
        log_format ranges '$status $request_uri $http_range $sent_http_content_encoding';
        access_log \(folder.path)/access.log ranges;
        server { listen 127.0.0.1:\(port)\(isSecure ? " ssl" : ""); root \(served); \(directives) }
      }
      """
    try File.write(configuration.utf8, to: folder.path + "/nginx.conf")
    process = try Command(
      nginx,
      ["-c", folder.path + "/nginx.conf", "-p", folder.path, "-e", folder.path + "/error.log"]
    ).start()
    guard Executable.eventually({ File.exists(folder.path + "/pid") && Self.answers(port) }) else {
      throw Failure("nginx does not start: \(File.text(folder.path + "/error.log") ?? "")")
    }
  }

  /// `status path range encoding` of each request; what is not there is `-`.
  var requests: [Substring] {
    (File.text(folder.path + "/access.log") ?? "").split(separator: "\n")
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw Failure("no port is free: \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func answers(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
