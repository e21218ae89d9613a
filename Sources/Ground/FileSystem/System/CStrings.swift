import CPosix

/// Words as `exec(3)` takes them: a list of NUL-terminated strings with NULL at its end.
struct CStrings: ~Copyable {
  let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  init(_ words: [[UInt8]]) {
    list = .allocate(capacity: words.count + 1)
    var index = 0
    for word in words {
      list[index] = Path(word).withCString { strdup($0) }
      index += 1
    }
    list[index] = nil
  }

  deinit {
    var index = 0
    while let word = list[index] {
      free(word)
      index += 1
    }
    list.deallocate()
  }
}
