import JSON

extension JSONBuilder {
  /// The form as JSON, or an error that names what has none.
  func text(_ what: String) throws(RepositoryError) -> [UInt8] {
    do throws(JSONError) {
      return try text()
    } catch {
      throw .notCanonical(what: what, error)
    }
  }

  /// The canonical form, or an error that names what has none.
  func canonical(_ what: String) throws(RepositoryError) -> [UInt8] {
    do throws(JSONError) {
      return try canonical()
    } catch {
      throw .notCanonical(what: what, error)
    }
  }
}
