#pragma once
// NetThreads: the real Net; a thread per lane with its clients (HTTP, mail), one deadline guard.

#include <memory>

#include "shell/net.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

struct NetOptions {
    std::string ca_file;  // PEM bundle to trust instead of the system's; for tests and private CAs
    std::string user_agent = "tocsin";
};

/// Certificates are verified, redirects are not followed, bodies are not decompressed, answers are
/// capped. A request whose kept-alive connection turns out dead before any answer is sent once
/// more on a fresh one (every request of ours is idempotent or carries a key). Ignores SIGPIPE for
/// the process. Threads start with their lane's first request. The runtime must outlive this.
class NetThreads final : public Net {
public:
    explicit NetThreads(Runtime& runtime, NetOptions options = {});
    /// Cancels what is under way, without answers. A thread that hangs in a DNS lookup is left
    /// behind after two seconds.
    ~NetThreads() override;
    NetThreads(const NetThreads&) = delete;
    NetThreads& operator=(const NetThreads&) = delete;

    void send(const Lane& lane, integrations::Request request, Then then) override;

private:
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace tocsin::shell
