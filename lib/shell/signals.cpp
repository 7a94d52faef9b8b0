// A thread that waits for signals; SIGUSR2, sent by the destructor to that thread alone, ends it.
#include "shell/signals.hpp"

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

namespace tocsin::shell {
namespace {

sigset_t our_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) sigaddset(&set, number);
    return set;
}

}  // namespace

void block_signals() {
    const sigset_t set = our_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

struct Signals::Core {
    Runtime& runtime;
    std::function<void(Signal)> on_signal;
    std::thread thread;

    void wait() {
        const sigset_t set = our_signals();
        while (true) {
            int number = 0;
            if (sigwait(&set, &number) != 0) continue;
            if (number == SIGUSR2) return;
            const Signal signal = number == SIGHUP ? Signal::reload : Signal::stop;
            runtime.post([handler = on_signal, signal] { handler(signal); });
        }
    }
};

Signals::Signals(Runtime& runtime, std::function<void(Signal)> on_signal)
    : core_(new Core{runtime, std::move(on_signal), {}}) {
    core_->thread = std::thread([core = core_.get()] { core->wait(); });
}

Signals::~Signals() {
    pthread_kill(core_->thread.native_handle(), SIGUSR2);
    core_->thread.join();
}

}  // namespace tocsin::shell
