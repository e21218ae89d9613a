import CCurl
import TUF

/// The system's libcurl, opened when it is first needed.
enum CurlLibrary {
  /// Opens libcurl once in the life of the process; safe to call from any thread.
  ///
  /// - Throws: ``FetchError/noTransport(reason:)`` naming what was looked for and what to install.
  static func load() throws(FetchError) {
    if let problem = curl_shim_load() { throw .noTransport(reason: String(cString: problem)) }
  }

  /// Opens the first of other libraries, names separated by `, `, and forgets it again.
  static func tryOpening(_ names: String) throws(FetchError) {
    var functions = curl_shim_functions()
    var problem = [CChar](repeating: 0, count: 512)
    var list = names.utf8.map { CChar(bitPattern: $0) }
    list.append(0)
    let isOpen = problem.withUnsafeMutableBufferPointer { text in
      list.withUnsafeBufferPointer { name in
        curl_shim_open(name.baseAddress, &functions, text.baseAddress, text.count)
      }
    }
    if isOpen { return }
    let reason = problem.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    throw .noTransport(reason: reason)
  }
}
