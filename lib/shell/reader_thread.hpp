#pragma once
// ReaderThread: a Runtime on a thread of its own, for reads that must never delay the engine.

#include <memory>

#include "shell/runtime.hpp"

namespace tocsin::shell {

/// Runs its tasks from construction to destruction; tasks left over then are dropped.
class ReaderThread final : public Runtime {
public:
    ReaderThread();
    ~ReaderThread() override;
    ReaderThread(const ReaderThread&) = delete;
    ReaderThread& operator=(const ReaderThread&) = delete;

    [[nodiscard]] Instant now() const override;
    void post(Task task) override;
    void at(Instant instant, Task task) override;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace tocsin::shell
