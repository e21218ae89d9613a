/// What control files may say of where a file stands in a folder.
package enum PathInFolder {
  /// True for one or more components with single separators, none of them `.` or `..`, and no NUL.
  ///
  /// Whatever such a path is appended to, it leads into and not out of, symbolic links aside.
  package static func isProper(_ path: [UInt8]) -> Bool {
    var length = 0
    var dots = 0
    for byte in path {
      if byte == UInt8(ascii: "/") {
        if length == 0 || (dots == length && length < 3) { return false }
        length = 0
        dots = 0
      } else {
        if byte == 0 { return false }
        if byte == UInt8(ascii: ".") { dots += 1 }
        length += 1
      }
    }
    return length > 0 && !(dots == length && length < 3)
  }
}
