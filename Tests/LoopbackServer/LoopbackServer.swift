import Foundation

/// A small HTTP/1.1 server on 127.0.0.1 whose misbehaviour is written in a closure.
///
/// One thread for each connection; connections are kept open as HTTP/1.1 says.
public final class LoopbackServer: Sendable {
  /// The port that the system chose.
  public let port: Int

  private let listener: Int32
  private let respond: @Sendable (Request) -> Response
  private let state = Locked(State())

  private struct State {
    var requests: [Request] = []
    var connections = 0
    var open: Set<Int32> = []
    var isStopped = false
  }

  /// Starts to listen; every request is answered as the closure says, on the thread of its connection.
  public init(respond: @escaping @Sendable (Request) -> Response) throws {
    (listener, port) = try Socket.listen()
    self.respond = respond
    Thread.detachNewThread { [self] in acceptConnections() }
  }

  /// Serves the files below a folder.
  public convenience init(folder: String) throws {
    try self.init { _ in .folder(folder) }
  }

  /// The URL of the root, without a slash at its end.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// The requests so far, in the order they came in.
  public var requests: [Request] { state.withLock { $0.requests } }

  /// How many connections were accepted so far.
  public var connections: Int { state.withLock { $0.connections } }

  /// Ends all connections and refuses new ones; safe to call again.
  public func stop() {
    state.withLock { state in
      if state.isStopped { return }
      state.isStopped = true
      Socket.shutDown(listener)
      for descriptor in state.open { Socket.shutDown(descriptor) }
    }
  }

  private func acceptConnections() {
    while let descriptor = Socket.accept(listener) {
      let isWelcome = state.withLock { state in
        if state.isStopped { return false }
        state.connections += 1
        state.open.insert(descriptor)
        return true
      }
      guard isWelcome else {
        Socket.close(descriptor)
        break
      }
      Thread.detachNewThread { [self] in serve(Connection(descriptor)) }
    }
    Socket.close(listener)
  }

  private func serve(_ connection: Connection) {
    while let request = connection.readRequest() {
      state.withLock { $0.requests.append(request) }
      guard connection.write(respond(request), to: request) else { break }
    }
    // Taken out before it is closed: the number may stand for another connection at once.
    _ = state.withLock { $0.open.remove(connection.descriptor) }
    Socket.close(connection.descriptor)
  }
}
