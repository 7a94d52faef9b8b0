#pragma once
// NetClient: the HTTP client library behind one blocking call that can be cut off.

#include <memory>
#include <string>

#include "integrations/request.hpp"
#include "shell/net_threads.hpp"

namespace tocsin::shell {

/// One lane's connections, one kept alive a host. carry() is for one thread; stop() for any.
class NetClient {
public:
    explicit NetClient(NetOptions options);
    ~NetClient();
    NetClient(const NetClient&) = delete;
    NetClient& operator=(const NetClient&) = delete;

    /// Blocks until there is an answer, at most about `request.timeout` while the peer is silent; a
    /// peer that drips can hold it longer, until stop().
    [[nodiscard]] integrations::Answer carry(const integrations::HttpRequest& request);
    /// Ends the carry() under way, if any, by closing its socket.
    void stop();
    /// False while the carry() under way has not sent anything: DNS or connecting.
    [[nodiscard]] bool may_have_sent() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tocsin::shell
