// A RuntimeThreads and the thread that runs it.
#include "shell/reader_thread.hpp"

#include <thread>
#include <utility>

#include "shell/runtime_threads.hpp"

namespace tocsin::shell {

struct ReaderThread::Core {
    RuntimeThreads runtime;
    std::thread thread{[this] { runtime.run(); }};
};

ReaderThread::ReaderThread() : core_(std::make_unique<Core>()) {}

ReaderThread::~ReaderThread() {
    core_->runtime.stop();
    core_->thread.join();
}

Instant ReaderThread::now() const {
    return core_->runtime.now();
}
void ReaderThread::post(Task task) {
    core_->runtime.post(std::move(task));
}
void ReaderThread::at(Instant instant, Task task) {
    core_->runtime.at(instant, std::move(task));
}

}  // namespace tocsin::shell
