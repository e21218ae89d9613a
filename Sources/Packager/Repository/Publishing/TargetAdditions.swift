/// Targets that should be added, made one by one when they are wanted: there may be a million.
public struct TargetAdditions {
  /// How many there are.
  public let count: Int
  /// True when their files are elsewhere, all of them: then nothing has to be copied before it is signed.
  let areElsewhere: Bool
  private let make: (Int) throws(RepositoryError) -> TargetAddition

  /// Takes a list.
  public init(_ list: [TargetAddition]) {
    count = list.count
    areElsewhere = false
    make = { (place) throws(RepositoryError) in list[place] }
  }

  /// Takes targets whose files are elsewhere.
  ///
  /// - Parameter make: the addition at a place, from 0 on; the same each time.
  public init(
    elsewhere count: Int, _ make: @escaping (Int) throws(RepositoryError) -> TargetAddition
  ) {
    self.count = count
    areElsewhere = true
    self.make = make
  }

  /// The addition at a place.
  func at(_ place: Int32) throws(RepositoryError) -> TargetAddition { try make(Int(place)) }
}
