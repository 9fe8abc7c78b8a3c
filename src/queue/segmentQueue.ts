import { jobIdOf, parseAnswer, type SegmentJob, type WorkerAnswer } from "./job.ts";
import { JobQueue, type QueuePlace } from "./jobQueue.ts";

/** The trainer's side of the queue of segments to prove. */
export class SegmentQueue extends JobQueue<SegmentJob, WorkerAnswer> {
  constructor(place: QueuePlace, onError: (error: Error) => void) {
    super(place, { idOf: jobIdOf, parseAnswer }, onError);
  }
}
