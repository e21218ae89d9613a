import Archive
import Bytes
import FileSystem
import JSON
import Layout
import Repository
import TUF

/// What a command ends with when it fails: one sentence that names the file and the remedy.
struct Failure: Error, CustomStringConvertible {
  let description: String

  /// Takes a sentence in which strangers may have put names and reasons; it stays one line.
  init(_ text: String) {
    description = String(decoding: PrintableText.escape(text), as: UTF8.self)
  }

  /// Runs `body` and puts its error into words.
  static func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FileError {
      throw Failure(error.description)
    } catch let error as NameError {
      throw Failure(error.description)
    } catch let error as LayoutError {
      throw Failure(error.description)
    } catch let error as ArchiveError {
      throw Failure(error.description)
    } catch let error as RepositoryError {
      throw Failure(error.description)
    } catch let error as TUFError {
      throw Failure(error.description)
    } catch let error as JSONError {
      throw Failure(error.description)
    }
  }
}
