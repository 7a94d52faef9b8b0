#pragma once
// Signals: SIGTERM, SIGINT and SIGHUP as tasks of the Runtime.

#include <functional>
#include <memory>

#include "shell/runtime.hpp"

namespace tocsin::shell {

enum class Signal { stop, reload };

/// Blocks the three signals in this and every later thread, so that only our own thread receives
/// them; ignores SIGPIPE. Call it before anything starts a thread.
void block_signals();

/// Posts each signal as a task, from construction to destruction.
class Signals {
public:
    Signals(Runtime& runtime, std::function<void(Signal)> on_signal);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace tocsin::shell
