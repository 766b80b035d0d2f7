/// Merkle root over leaves, as in RFC 6962: leaves and nodes are hashed with different prefixes, an odd node is carried up.
/// The root of no leaves is the hash of nothing.
pub fn merkle_root(leaves: &[Vec<u8>]) -> [u8; 32] {
    let hash = |prefix: u8, parts: &[&[u8]]| {
        let mut hasher = gm::Sm3::new();
        hasher.update(&[prefix]);
        for part in parts {
            hasher.update(part);
        }
        hasher.finish()
    };
    if leaves.is_empty() {
        return gm::sm3(&[]);
    }
    let mut level: Vec<[u8; 32]> = leaves.iter().map(|leaf| hash(0, &[leaf])).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(1, &[left, right]),
                [single] => *single,
                _ => [0; 32],
            })
            .collect();
    }
    level[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_depends_on_every_leaf_and_their_order() {
        let leaves: Vec<Vec<u8>> = (0u8..7).map(|i| vec![i]).collect();
        let root = merkle_root(&leaves);
        for i in 0..7 {
            let mut changed = leaves.clone();
            changed[i].push(1);
            assert_ne!(merkle_root(&changed), root);
            let mut removed = leaves.clone();
            removed.remove(i);
            assert_ne!(merkle_root(&removed), root);
        }
        let mut swapped = leaves.clone();
        swapped.swap(0, 1);
        assert_ne!(merkle_root(&swapped), root);
    }
}
