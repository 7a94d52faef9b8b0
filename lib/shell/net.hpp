#pragma once
// Net: the way out (HTTP, mail, files), as requests with a completion.

#include <functional>
#include <string>

#include "integrations/request.hpp"

namespace tocsin::shell {

/// Each lane has its own connection, kept alive, and its own deadline guard: a hung peer or DNS
/// lookup blocks only its lane. The courier uses one lane per integration and worker ("pager/0"),
/// the poller one per source ("source/us").
using Lane = std::string;

class Net {
public:
    using Then = std::function<void(integrations::Answer)>;
    virtual ~Net() = default;
    /// One request at a time per lane; further ones wait their turn. `then` runs as a task of the
    /// Runtime, exactly once, also when the deadline (`timeout_of`) has passed.
    virtual void send(const Lane& lane, integrations::Request request, Then then) = 0;
};

}  // namespace tocsin::shell
