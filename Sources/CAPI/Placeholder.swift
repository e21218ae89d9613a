@c(esky_version)
public func version() -> Int32 { 1 }
