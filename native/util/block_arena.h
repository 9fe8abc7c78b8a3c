// Large blocks of memory that are used again rather than given back: a page fresh from the system must be cleared by it, which
// takes longer than most of what a prover does with the page. Not for memory of less than some MiB.
#ifndef TRAINPROOF_UTIL_BLOCK_ARENA_H_
#define TRAINPROOF_UTIL_BLOCK_ARENA_H_

#include <cstddef>
#include <map>
#include <mutex>

namespace trainproof {

// One range of addresses, taken from the system page by page as it is touched, for the life of the process.
class BlockArena {
 public:
  static constexpr std::size_t kPage = std::size_t{2} << 20;  // a huge page; sizes are rounded up to it

  // Reserves addresses, or nothing where the system refuses: every allocation then fails.
  explicit BlockArena(std::size_t reserve_bytes);
  ~BlockArena();
  BlockArena(const BlockArena&) = delete;
  BlockArena& operator=(const BlockArena&) = delete;

  // On a page boundary, with whatever contents; null when there is no room. The smallest free block that is large enough
  // serves first.
  void* allocate(std::size_t size);
  // False for memory that is not the arena's. Contents stay until the block is used again or wiped.
  bool free(void* data, std::size_t size);
  // Clears all free blocks.
  void wipe_free();

  std::size_t bytes_touched() const;  // the most that was ever in use, gaps included
  std::size_t bytes_free() const;     // of these, what could be used again

 private:
  struct Block {
    std::size_t size;
    bool dirty;
  };
  void insert(std::size_t offset, Block block);

  char* base_ = nullptr;
  std::size_t reserved_ = 0;
  mutable std::mutex mutex_;
  std::size_t end_ = 0;                 // beyond it nothing was ever used
  std::map<std::size_t, Block> free_;  // by offset; neighbours are one block
};

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_BLOCK_ARENA_H_
