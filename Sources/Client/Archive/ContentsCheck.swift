/// Looks at the contents of files as they pass by.
public protocol ContentsCheck: AnyObject {
  /// Begins with the file at a place in ``ZipReader/walk``.
  func begin(_ place: Int)

  /// Takes the next of its bytes, which are valid during the call alone.
  func add(_ piece: UnsafeRawBufferPointer)

  /// True when all its bytes together are what they should be.
  func isRight() -> Bool
}
