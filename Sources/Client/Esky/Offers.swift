import Layout

/// What one look found on offer, and how this installation chooses.
struct Offers {
  let installed: VersionDirectoryName
  let choice: OfferChoice
  var all: [Offer]
  let withdrawn: [VersionDirectoryName]

  /// The version that starts now, where its publisher has taken it back.
  var withdrawnInstalled: VersionDirectoryName? { choice.isWithdrawn ? installed : nil }

  /// The best offer that was not refused before; nil when nothing is to be had.
  ///
  /// - Throws: ``EskyError/refusedBefore(_:reason:)`` when only such are left.
  mutating func best(beside refusals: Refusals) throws(EskyError) -> Offer? {
    var refused: EskyError?
    while let offer = choice.best(of: all, withdrawn: withdrawn) {
      guard let reason = refusals.reason(offer) else { return offer }
      refused = refused ?? .refusedBefore(offer.name, reason: reason)
      drop(offer)
    }
    if let refused { throw refused }
    return nil
  }

  /// Chooses among the others from now on.
  mutating func drop(_ offer: Offer) {
    all.removeAll { $0.name == offer.name }
  }
}
