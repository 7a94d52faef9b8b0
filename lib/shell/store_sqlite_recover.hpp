#pragma once
// Loads what the engine needs after a start: the rows that live in State.

#include "base/result.hpp"
#include "core/state.hpp"
#include "shell/store_sqlite_connection.hpp"

namespace tocsin::shell::sqlite {

Result<core::State> recover(Connection& connection);

}  // namespace tocsin::shell::sqlite
