// Copies the two faces used for typesetting documents (PDF) beside the built assets. They are not loaded by pages.
import { copyFileSync, mkdirSync } from 'node:fs';

const source = 'node_modules/@expo-google-fonts/noto-serif-sc';
mkdirSync('dist/fonts', { recursive: true });
copyFileSync(`${source}/400Regular/NotoSerifSC_400Regular.ttf`, 'dist/fonts/NotoSerifSC-Regular.ttf');
copyFileSync(`${source}/700Bold/NotoSerifSC_700Bold.ttf`, 'dist/fonts/NotoSerifSC-Bold.ttf');
copyFileSync(`${source}/LICENSE_FONT`, 'dist/fonts/LICENSE-NotoSerifSC.txt');
