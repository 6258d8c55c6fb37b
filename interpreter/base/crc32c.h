/* CRC-32C (Castagnoli; RFC 3720, appendix B.4): finds torn and flipped bytes
 * of a journal. No protection against intent. */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stdint.h>

#include "base/text.h"

uint32_t crc32c(struct text t);

#endif
