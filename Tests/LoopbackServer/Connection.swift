import Foundation

/// One connection: reads requests, writes responses.
final class Connection {
  let descriptor: Int32
  private var unread: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Reads up to the empty line behind the headers; nil when the client goes.
  ///
  /// Bodies of requests aren't read.
  func readRequest() -> LoopbackServer.Request? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = unread.firstRange(of: end) {
        let text = String(decoding: unread[..<range.lowerBound], as: UTF8.self)
        unread.removeSubrange(..<range.upperBound)
        return parse(text)
      }
      guard let bytes = Socket.receive(descriptor) else { return nil }
      unread += bytes
    }
  }

  private func parse(_ text: String) -> LoopbackServer.Request? {
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].components(separatedBy: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return LoopbackServer.Request(method: words[0], target: words[1], headers: headers)
  }

  /// Writes a response; false when the connection is to be closed then.
  func write(_ response: LoopbackServer.Response, to request: LoopbackServer.Request) -> Bool {
    switch response {
    case .folder(let root):
      writeFile(root + (request.path.removingPercentEncoding ?? ""), to: request)
    case .file(let path): writeFile(path, to: request)
    case .resource(let bytes): writeResource(bytes, to: request)
    case .body(let bytes, let status, let headers):
      writeHead(status, headers, length: bytes.count) && send(bytes)
    case .redirect(let target, let status):
      writeHead(status, ["Location": target], length: 0)
    case .raw(let bytes): send(bytes) && false
    case .close: false
    default: misbehave(response)
    }
  }

  /// What ends with the connection, whichever side ends it.
  private func misbehave(_ response: LoopbackServer.Response) -> Bool {
    switch response {
    case .hang:
      waitUntilTheClientGoes()
    case .hangAfterHeaders(let length):
      if writeHead(200, length: length) { waitUntilTheClientGoes() }
    case .slowHeaders(let seconds):
      writeSlowly("HTTP/1.1 200 OK\r\nX-Slow: ", thenForEver: "s", seconds: seconds)
    case .endlessHeaders:
      var isTaken = send(Array("HTTP/1.1 200 OK\r\n".utf8))
      let line = Array("X-More: \(String(repeating: "m", count: 4000))\r\n".utf8)
      while isTaken { isTaken = send(line) }
    case .crawl(let bytes, let count, let seconds):
      var rest = bytes[...]
      var isTaken = writeHead(200, length: bytes.count)
      while isTaken, !rest.isEmpty {
        isTaken = send(Array(rest.prefix(count))) && Socket.sleep(descriptor, seconds: seconds)
        rest = rest.dropFirst(count)
      }
    case .endless(let status):
      var isTaken = writeHead(status, length: nil)
      let block = [UInt8](repeating: UInt8(ascii: "e"), count: 64 << 10)
      while isTaken { isTaken = send(block) }
    case .truncated(let bytes, let length):
      _ = writeHead(200, length: length) && send(bytes)
    case .gzip(let zeros):
      let bytes = gzip(zeros: zeros)
      _ = writeHead(200, ["Content-Encoding": "gzip"], length: bytes.count) && send(bytes)
    default: break
    }
    return false
  }

  private func writeFile(_ path: String, to request: LoopbackServer.Request) -> Bool {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      !isDirectory.boolValue, let data = FileManager.default.contents(atPath: path)
    else { return writeHead(404, length: 0) }
    return writeResource([UInt8](data), to: request)
  }

  private func writeResource(_ bytes: [UInt8], to request: LoopbackServer.Request) -> Bool {
    guard let start = request.rangeStart else {
      return writeHead(200, ["Accept-Ranges": "bytes"], length: bytes.count) && send(bytes)
    }
    guard start < bytes.count else {
      return writeHead(416, ["Content-Range": "bytes */\(bytes.count)"], length: 0)
    }
    let range = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
    return writeHead(206, ["Content-Range": range], length: bytes.count - start)
      && send(Array(bytes[start...]))
  }

  /// Writes status line and headers; a nil length means that the body ends with the connection.
  private func writeHead(
    _ status: Int, _ headers: [String: String] = [:], length: Int?
  ) -> Bool {
    var head = "HTTP/1.1 \(status) Status\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let length {
      head += "Content-Length: \(length)\r\n"
    } else {
      head += "Connection: close\r\n"
    }
    return send(Array((head + "\r\n").utf8))
  }

  private func writeSlowly(_ text: String, thenForEver filler: String, seconds: Double) {
    for byte in text.utf8 {
      guard send([byte]), Socket.sleep(descriptor, seconds: seconds) else { return }
    }
    while send(Array(filler.utf8)), Socket.sleep(descriptor, seconds: seconds) {}
  }

  private func waitUntilTheClientGoes() {
    while Socket.receive(descriptor) != nil {}
  }

  private func send(_ bytes: [UInt8]) -> Bool { Socket.send(descriptor, bytes) }
}
