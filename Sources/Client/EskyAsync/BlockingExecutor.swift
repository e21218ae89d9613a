import Dispatch

/// Runs an actor's jobs one after the other where they may block.
///
/// The threads of the shared pool are as many as there are cores; one that waits for a network would be
/// missing for everybody.
final class BlockingExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "esky")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
