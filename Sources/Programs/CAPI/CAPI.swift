import Esky
import FileSystem
import Layout

// The functions of esky.h, which documents them.

private func session(_ handle: OpaquePointer?) -> Session? {
  handle.map { Unmanaged<Session>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

/// `esky_open` in esky.h.
@c(esky_open)
public func open(
  _ root: UnsafePointer<CChar>?, _ handle: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
  guard let handle else { return ResultCode.usage.rawValue }
  let session = Session()
  handle.pointee = OpaquePointer(Unmanaged.passRetained(session).toOpaque())
  return session.open(root.map { Path(cString: $0) }).rawValue
}

/// `esky_close` in esky.h.
@c(esky_close)
public func close(_ handle: OpaquePointer?) {
  guard let handle else { return }
  let session = Unmanaged<Session>.fromOpaque(UnsafeRawPointer(handle)).takeRetainedValue()
  session.freeTexts()
}

/// `esky_message` in esky.h.
@c(esky_message)
public func message(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  session(handle)?.messageText
}

/// `esky_root` in esky.h.
@c(esky_root)
public func root(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  UnsafePointer(session(handle)?.root.pointer)
}

/// `esky_running` in esky.h.
@c(esky_running)
public func running(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  UnsafePointer(session(handle)?.running.pointer)
}

/// `esky_current` in esky.h.
@c(esky_current)
public func current(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  guard let session = session(handle) else { return nil }
  let result = session.with { (esky) throws(EskyError) in
    session.current.set(try esky.current().version.text)
    return .ok
  }
  return result == .ok ? UnsafePointer(session.current.pointer) : nil
}

/// `esky_version_count` in esky.h.
@c(esky_version_count)
public func versionCount(_ handle: OpaquePointer?) -> Int {
  var count = 0
  _ = session(handle)?.with { (esky) throws(EskyError) in
    count = try esky.survey().versions.count
    return .ok
  }
  return count
}

/// `esky_version_at` in esky.h.
@c(esky_version_at)
public func versionAt(_ handle: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
  guard let session = session(handle) else { return nil }
  let result = session.with { (esky) throws(EskyError) in
    let versions = try esky.survey().versions
    guard versions.indices.contains(index) else { return .usage }
    session.version.set(versions[index].name.version.text)
    return .ok
  }
  return result == .ok ? UnsafePointer(session.version.pointer) : nil
}

/// `esky_check` in esky.h.
@c(esky_check)
public func check(_ handle: OpaquePointer?) -> CInt {
  guard let session = session(handle) else { return ResultCode.usage.rawValue }
  session.available.free()
  session.notes.free()
  session.isRequired = false
  return session.with { (esky) throws(EskyError) in
    guard
      let offer = try esky.check(
        try session.finder(esky), channel: session.channel, at: session.now)
    else { return .ok }
    session.available.set(offer.name.version.text)
    session.isRequired = offer.terms.isRequired
    if let notes = offer.terms.notes { session.notes.set(notes) }
    return .available
  }.rawValue
}

/// `esky_available` in esky.h.
@c(esky_available)
public func available(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  UnsafePointer(session(handle)?.available.pointer)
}

/// `esky_available_notes` in esky.h.
@c(esky_available_notes)
public func availableNotes(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  UnsafePointer(session(handle)?.notes.pointer)
}

/// `esky_available_is_required` in esky.h.
@c(esky_available_is_required)
public func availableIsRequired(_ handle: OpaquePointer?) -> CInt {
  session(handle)?.isRequired == true ? 1 : 0
}

/// `esky_may_update` in esky.h.
@c(esky_may_update)
public func mayUpdate(_ handle: OpaquePointer?) -> CInt {
  session(handle)?.esky?.mayChange == true ? 1 : 0
}

/// `esky_trouble` in esky.h.
@c(esky_trouble)
public func trouble(_ handle: OpaquePointer?) -> UnsafePointer<CChar>? {
  guard let session = session(handle), let text = session.esky?.checkState()?.trouble else {
    return nil
  }
  session.trouble.set(Array(text.utf8))
  return UnsafePointer(session.trouble.pointer)
}

/// `esky_update` in esky.h.
@c(esky_update)
public func update(
  _ handle: OpaquePointer?,
  _ progress: (@convention(c) (CInt, Int64, Int64, UnsafeMutableRawPointer?) -> CInt)?,
  _ context: UnsafeMutableRawPointer?
) -> CInt {
  guard let session = session(handle) else { return ResultCode.usage.rawValue }
  return session.with { (esky) throws(EskyError) in
    let observer = progress.map { CProgress($0, context) }
    switch try esky.update(
      from: try session.finder(esky), channel: session.channel, at: session.now, observer: observer)
    {
    case .upToDate: return .ok
    case .installed: return .installed
    }
  }.rawValue
}

/// `esky_needs_cleanup` in esky.h.
@c(esky_needs_cleanup)
public func needsCleanup(_ handle: OpaquePointer?) -> CInt {
  guard let session = session(handle) else { return -1 }
  var isNeeded = false
  let result = session.with { (esky) throws(EskyError) in
    isNeeded = try esky.needsCleanup
    return .ok
  }
  return result == .ok ? (isNeeded ? 1 : 0) : -1
}

/// `esky_cleanup` in esky.h.
@c(esky_cleanup)
public func cleanup(_ handle: OpaquePointer?) -> CInt {
  guard let session = session(handle) else { return ResultCode.usage.rawValue }
  return session.with { (esky) throws(EskyError) in
    try esky.cleanup()
    return .ok
  }.rawValue
}

/// `esky_restart` in esky.h.
@c(esky_restart)
public func restart(
  _ handle: OpaquePointer?, _ arguments: UnsafePointer<UnsafePointer<CChar>?>?
) -> CInt {
  guard let session = session(handle) else { return ResultCode.usage.rawValue }
  var words: [[UInt8]] = []
  while let word = arguments?[words.count] { words.append(Path(cString: word).bytes) }
  return session.with { (esky) throws(EskyError) in
    try esky.restart(launcher: session.launcher, arguments: words)
  }.rawValue
}
